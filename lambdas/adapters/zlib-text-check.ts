import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { RuleViolation } from '../contracts/quarantine-report.ts';
import { CsvScan, type CsvStructure } from '../domain/ingest/csv-scan.ts';
import { fileViolation, unpacksTooLarge } from '../domain/ingest/file-violations.ts';
import type { UploadFormat } from '../domain/ingest/raw-key.ts';
import { Utf8Check } from '../domain/ingest/utf8-check.ts';

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

export type TextCheck =
  | { readonly violation: RuleViolation }
  | {
      readonly violation: undefined;
      /** Only for CSV. */
      readonly csv: CsvStructure | undefined;
      readonly startsWithByteOrderMark: boolean;
    };

/**
 * One pass over a text file, unpacked on the way: it must be whole gzip where it is gzip, UTF-8 (a byte order mark is
 * allowed), and unpack to no more than `maximumBytes`, so that a small file cannot fill the disk. Constant memory.
 */
export async function checkText(
  path: string,
  format: UploadFormat,
  maximumBytes: number,
): Promise<TextCheck> {
  const check = new TextPass(format, maximumBytes);
  const source = createReadStream(path, { highWaterMark: 1024 * 1024 });
  try {
    if (format.gzipped)
      await pipeline(source, createGunzip({ chunkSize: 256 * 1024 }), (chunks) => check.run(chunks));
    else await pipeline(source, (chunks) => check.run(chunks));
  } catch (error) {
    if (error instanceof BrokenRule) return { violation: error.violation };
    if (isZlibError(error)) {
      return {
        violation: fileViolation(
          'readable',
          `the file is not whole gzip (${error.message}): was its upload or its packing cut off? Pack and upload it again`,
        ),
      };
    }
    throw error;
  }
  return check.result();
}

/** Ends the pass at the first broken rule. */
class BrokenRule extends Error {
  readonly violation: RuleViolation;

  constructor(violation: RuleViolation) {
    super(violation.message);
    this.violation = violation;
  }
}

class TextPass {
  readonly #utf8 = new Utf8Check();
  readonly #csv: CsvScan | undefined;
  readonly #maximumBytes: number;
  #bytes = 0;
  #lines = 1;
  #markBytes = 0;

  constructor(format: UploadFormat, maximumBytes: number) {
    this.#csv = format.kind === 'csv' ? new CsvScan() : undefined;
    this.#maximumBytes = maximumBytes;
  }

  async run(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) this.#take(chunk);
    const brokenOff = this.#utf8.end();
    if (brokenOff !== undefined) throw new BrokenRule(this.#notUtf8(brokenOff, 'a character is cut off'));
  }

  result(): TextCheck {
    return {
      violation: undefined,
      csv: this.#csv?.end(),
      startsWithByteOrderMark: this.#markBytes === byteOrderMark.length,
    };
  }

  #take(chunk: Uint8Array): void {
    const begin = this.#bytes;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maximumBytes) throw new BrokenRule(unpacksTooLarge(this.#maximumBytes));
    const invalid = this.#utf8.push(chunk);
    this.#scan(chunk.subarray(0, invalid === undefined ? chunk.length : Math.max(0, invalid - begin)), begin);
    if (invalid === undefined) return;
    const byte = chunk[invalid - begin];
    throw new BrokenRule(
      this.#notUtf8(invalid, byte === undefined ? 'a character is cut off' : `byte 0x${hex(byte)}`),
    );
  }

  #scan(text: Uint8Array, begin: number): void {
    let from = 0;
    while (
      begin + from < byteOrderMark.length &&
      this.#markBytes === begin + from &&
      text[from] === byteOrderMark[begin + from]
    ) {
      this.#markBytes++;
      from++;
    }
    if (this.#csv) this.#csv.push(text.subarray(from));
    else for (const byte of text) if (byte === 0x0a) this.#lines++;
  }

  #notUtf8(offset: number, what: string): RuleViolation {
    const line = this.#csv?.place().line ?? this.#lines;
    const row = this.#csv?.place().row ?? this.#lines;
    const column = this.#csv?.column();
    return fileViolation(
      'utf8',
      `the text is not UTF-8: ${what} at byte offset ${offset} (line ${line}${column === undefined ? '' : `, column '${column}'`}); ` +
        (offset <= 1 ? 'is it a binary or a packed file with the wrong ending? ' : '') +
        'save it as UTF-8 and upload it again',
      { row, ...(column === undefined ? {} : { column }) },
    );
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** zlib's own failures carry Z_… codes; what the disk says does not. */
function isZlibError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  );
}
