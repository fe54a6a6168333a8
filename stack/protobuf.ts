/** Just enough of the protobuf wire format for temporal-frontend.ts: whole numbers, strings and nested messages. */

export function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export function bytesField(field: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** The first value of this field, or undefined. Throws RangeError on bytes that end too early. */
export function readField(message: Buffer, wanted: number): number | Buffer | undefined {
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    at = tag.next;
    const field = Math.floor(tag.value / 8);
    let value: number | Buffer;
    switch (tag.value % 8) {
      case 0: {
        const read = readVarint(message, at);
        value = read.value;
        at = read.next;
        break;
      }
      case 1:
        value = message.subarray(at, at + 8);
        at += 8;
        break;
      case 2: {
        const length = readVarint(message, at);
        value = message.subarray(length.next, length.next + length.value);
        at = length.next + length.value;
        break;
      }
      case 5:
        value = message.subarray(at, at + 4);
        at += 4;
        break;
      default:
        throw new RangeError(`Unknown protobuf wire type ${tag.value % 8}.`);
    }
    if (at > message.length) throw new RangeError('The protobuf message ends too early.');
    if (field === wanted) return value;
  }
  return undefined;
}

export function readNumber(message: Buffer, field: number): number | undefined {
  const value = readField(message, field);
  return typeof value === 'number' ? value : undefined;
}

export function readBytes(message: Buffer, field: number): Buffer | undefined {
  const value = readField(message, field);
  return typeof value === 'number' ? undefined : value;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function readVarint(message: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let next = at, weight = 1; ; next++, weight *= 128) {
    const byte = message.readUInt8(next);
    value += (byte % 128) * weight;
    if (byte < 128) return { value, next: next + 1 };
  }
}
