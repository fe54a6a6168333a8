/** A JSON value as indented lines, for reading only. Empty parts are left out. */
export function outline(value: unknown, indent = ''): string[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) =>
      isGroup(item) ? [`${indent}-`, ...outline(item, `${indent}  `)] : [`${indent}- ${String(item)}`],
    );
  if (!isGroup(value)) return [`${indent}${String(value)}`];
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === null || item === undefined) return [];
    if (Array.isArray(item) && item.every((one) => !isGroup(one))) return [`${indent}${key}: ${item.join(', ')}`];
    return isGroup(item) ? [`${indent}${key}`, ...outline(item, `${indent}  `)] : [`${indent}${key}: ${String(item)}`];
  });
}

const isGroup = (value: unknown): value is object => value !== null && typeof value === 'object';
