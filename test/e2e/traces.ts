import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** How a text may lie in bytes. Base64 depends on what stands before it, so there are three; what its neighbours decide is cut off. */
export function formsOf(text: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.from(`${'.'.repeat(shift)}${text}`)
      .toString('base64')
      .replace(/=+$/, '');
    return whole.slice(shift === 0 ? 0 : 4, -3);
  });
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return new Map([
    ['clear', text],
    ['UTF-16', Buffer.from(text, 'utf16le').toString('latin1').slice(0, -1)], // so cut, it is that of both byte orders
    ['hex', bytes.toString('hex')],
    ['percent', percent],
    ...base64.map((form, shift) => [`base64/${shift}`, form] as const),
    ...base64.map((form, shift) => [`base64url/${shift}`, form.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ]);
}

/** In which forms a text (lower case) lies in the bytes, with what stands around it; empty when it does not. */
export function tracesIn(bytes: Uint8Array | string, text: string): string[] {
  const whole = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  const lower = whole.toLowerCase();
  return [...formsOf(text)].flatMap(([name, form]) => {
    const at = name.startsWith('base64') ? whole.indexOf(form) : lower.indexOf(form);
    const around = whole.slice(Math.max(0, at - 60), at + form.length + 60).replace(/[^\x20-\x7e]/g, '·');
    return at < 0 ? [] : [`${name}: ${around}`];
  });
}

export function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** Everything below a folder, by file. */
export const contentsOf = (dir: string): ReadonlyMap<string, Buffer> =>
  new Map(filesBelow(dir).map((path) => [relative(dir, path), readFileSync(path)]));
