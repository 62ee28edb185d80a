// MessagePack, as far as Moonfleet uses it: nil, booleans, numbers, strings, binary, arrays, maps.
// https://github.com/msgpack/msgpack/blob/master/spec.md

/** Return the bytes of a value; numbers that are whole travel as integers. */
export function encode(value) {
  const parts = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value, parts) {
  if (value === null || value === undefined) parts.push(Buffer.of(0xc0));
  else if (value === false) parts.push(Buffer.of(0xc2));
  else if (value === true) parts.push(Buffer.of(0xc3));
  else if (typeof value === "number") parts.push(number(value));
  else if (typeof value === "string") {
    const text = Buffer.from(value, "utf8");
    parts.push(head(text.length, 0xa0, 31, 0xd9, 0xda, 0xdb), text);
  } else if (Buffer.isBuffer(value)) {
    parts.push(head(value.length, 0, -1, 0xc4, 0xc5, 0xc6), value);
  } else if (Array.isArray(value)) {
    parts.push(head(value.length, 0x90, 15, null, 0xdc, 0xdd));
    for (const each of value) write(each, parts);
  } else if (typeof value === "object") {
    const entries = Object.entries(value);
    parts.push(head(entries.length, 0x80, 15, null, 0xde, 0xdf));
    for (const [key, each] of entries) {
      write(key, parts);
      write(each, parts);
    }
  } else throw new TypeError(`cannot be sent: ${typeof value}`);
}

function number(value) {
  let data;
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (value >= 0 && value < 0x80) return Buffer.of(value);
    data = Buffer.alloc(9);
    data[0] = 0xd3;
    data.writeBigInt64BE(BigInt(value), 1);
  } else {
    data = Buffer.alloc(9);
    data[0] = 0xcb;
    data.writeDoubleBE(value, 1);
  }
  return data;
}

function head(length, fix, most, one, two, four) {
  if (length <= most) return Buffer.of(fix | length);
  if (one !== null && length < 0x100) return Buffer.of(one, length);
  if (length < 0x10000) return Buffer.of(two, length >> 8, length & 0xff);
  const data = Buffer.alloc(5);
  data[0] = four;
  data.writeUInt32BE(length, 1);
  return data;
}

/** Return the value that some bytes hold. */
export function decode(data) {
  const reader = { data, at: 0 };
  const value = read(reader);
  if (reader.at !== data.length) throw new RangeError("more bytes than the value has");
  return value;
}

function read(reader) {
  const kind = reader.data[reader.at++];
  if (kind < 0x80) return kind;
  if (kind < 0x90) return map(reader, kind & 0x0f);
  if (kind < 0xa0) return array(reader, kind & 0x0f);
  if (kind < 0xc0) return text(reader, kind & 0x1f);
  if (kind >= 0xe0) return kind - 0x100;
  switch (kind) {
    case 0xc0: return null;
    case 0xc2: return false;
    case 0xc3: return true;
    case 0xc4: return bytes(reader, length(reader, 1));
    case 0xc5: return bytes(reader, length(reader, 2));
    case 0xc6: return bytes(reader, length(reader, 4));
    case 0xca: return bytes(reader, 4).readFloatBE(0);
    case 0xcb: return bytes(reader, 8).readDoubleBE(0);
    case 0xcc: return length(reader, 1);
    case 0xcd: return length(reader, 2);
    case 0xce: return length(reader, 4);
    case 0xcf: return Number(bytes(reader, 8).readBigUInt64BE(0));
    case 0xd0: return bytes(reader, 1).readInt8(0);
    case 0xd1: return bytes(reader, 2).readInt16BE(0);
    case 0xd2: return bytes(reader, 4).readInt32BE(0);
    case 0xd3: return Number(bytes(reader, 8).readBigInt64BE(0));
    case 0xd9: return text(reader, length(reader, 1));
    case 0xda: return text(reader, length(reader, 2));
    case 0xdb: return text(reader, length(reader, 4));
    case 0xdc: return array(reader, length(reader, 2));
    case 0xdd: return array(reader, length(reader, 4));
    case 0xde: return map(reader, length(reader, 2));
    case 0xdf: return map(reader, length(reader, 4));
    default: throw new RangeError(`no such kind of value: 0x${(kind ?? 0).toString(16)}`);
  }
}

function bytes(reader, count) {
  if (reader.at + count > reader.data.length) throw new RangeError("cut short");
  return reader.data.subarray(reader.at, (reader.at += count));
}

const length = (reader, count) => bytes(reader, count).readUIntBE(0, count);
const text = (reader, count) => bytes(reader, count).toString("utf8");
const array = (reader, count) => Array.from({ length: count }, () => read(reader));

function map(reader, count) {
  const found = {};
  for (let n = 0; n < count; n++) {
    const key = read(reader);
    found[key] = read(reader);
  }
  return found;
}
