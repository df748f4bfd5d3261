import { isUtf8 } from 'node:buffer';

/** Finds the first byte of a stream that is not UTF-8 (RFC 3629), in constant memory and mostly at native speed. */
export class Utf8Check {
  /** Bytes of a character that the last chunk cut off: three at most. */
  #carry: Uint8Array = new Uint8Array(0);
  /** Bytes seen before `#carry`. */
  #offset = 0;

  /** @returns zero-based offset in the stream of the first byte of an invalid sequence; undefined while all is well */
  push(chunk: Uint8Array): number | undefined {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const whole = bytes.length - unfinishedTail(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return this.#offset + firstInvalid(bytes.subarray(0, whole));
    this.#carry = Uint8Array.from(bytes.subarray(whole));
    this.#offset += whole;
    return undefined;
  }

  /** To be asked after the last chunk: the offset of a character that the stream broke off in. */
  end(): number | undefined {
    return this.#carry.length > 0 ? this.#offset : undefined;
  }
}

/** How many bytes a sequence has that begins with `lead`; 1 for a byte that begins none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** Length of a sequence that begins in the last three bytes and wants more bytes than there are. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** Walks from character to character: only for bytes that are known to hold an invalid one. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}
