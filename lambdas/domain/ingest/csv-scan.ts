/** Where in a CSV file something is, each counted from one; the header is not counted as a row. */
export interface CsvPlace {
  /** 0 while in the header. */
  readonly row: number;
  readonly field: number;
  readonly line: number;
}

/** Why a record is no record. */
export type CsvFlaw =
  'blank-start' | 'fields' | 'stray-quote' | 'after-quote' | 'bare-return' | 'unclosed-quote';

export interface CsvFlawTally {
  readonly flaw: CsvFlaw;
  readonly count: number;
  /** At most ten. */
  readonly rows: readonly number[];
  readonly first: CsvPlace;
  /** Fields of the first offender, for `fields`. */
  readonly fields: number;
}

export interface CsvStructure {
  /** Names as they stand in the header, unquoted; undefined for a file without a first record. */
  readonly header: readonly string[] | undefined;
  /** Data records. Empty lines are not counted. */
  readonly rows: number;
  readonly flaws: readonly CsvFlawTally[];
}

const comma = 0x2c;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Longer first records are no headers; bounds what is kept in memory, in bytes. */
const headerAtMost = 1024 * 1024;

const State = { fieldStart: 0, plain: 1, quoted: 2, quoteInQuoted: 3 } as const;

/**
 * Checks a CSV file's structure by RFC 4180, byte by byte and in constant memory: every record has as many fields as
 * the header, quotes are where they may be. Records end with LF or CRLF, which may be mixed. O(bytes).
 *
 * It is here because DuckDB 1.5 in its lenient mode drops surplus fields without a word, and in its strict mode
 * refuses valid files (CRLF inside quotes among LF) and numbers the offenders by line instead of by row.
 */
export class CsvScan {
  #state: number = State.fieldStart;
  #afterReturn = false;
  #field = 1;
  #line = 1;
  #row = 0;
  #recordIsEmpty = true;
  #recordIsFlawed = false;
  #headerBytes: number[] = [];
  #header: string[] | undefined;
  readonly #flaws = new Map<CsvFlaw, { count: number; rows: number[]; first: CsvPlace; fields: number }>();

  /** @param chunk the next bytes, valid UTF-8 in all, without a byte order mark */
  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.#header === undefined) at = this.#pushHeader(chunk);
    this.#pushRecords(chunk, at);
  }

  /** Where the next byte would stand. */
  place(): CsvPlace {
    return { row: this.#row, field: this.#field, line: this.#line };
  }

  /** Name of the column that the next byte would stand in. */
  column(): string | undefined {
    return this.#header?.[this.#field - 1];
  }

  end(): CsvStructure {
    if (this.#state === State.quoted) this.#flaw('unclosed-quote');
    if (this.#afterReturn && !this.#recordIsFlawed) this.#flaw('bare-return');
    if (!this.#recordIsEmpty) this.#endRecord();
    const flaws = [...this.#flaws].map(([flaw, tally]) => ({ flaw, ...tally }));
    return { header: this.#header, rows: Math.max(0, this.#row - 1), flaws };
  }

  /** The header's bytes are kept until it is whole. @returns how many bytes were taken */
  #pushHeader(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.#header === undefined) {
      const byte = chunk[at] ?? 0;
      this.#step(byte);
      if (!this.#recordIsEmpty && this.#headerBytes.length < headerAtMost) this.#headerBytes.push(byte);
      at++;
    }
    return at;
  }

  /** The hot loop: bytes that change nothing are passed over without a call. */
  #pushRecords(chunk: Uint8Array, from: number): void {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte > comma && (this.#state === State.plain || this.#state === State.quoted) && !this.#afterReturn)
        continue;
      this.#step(byte);
    }
  }

  #step(byte: number): void {
    if (this.#afterReturn) {
      this.#afterReturn = false;
      if (byte !== lineFeed) this.#flaw('bare-return');
    }
    if (this.#state === State.quoted) {
      if (byte === quote) this.#state = State.quoteInQuoted;
    } else if (byte === comma) {
      this.#field++;
      this.#recordIsEmpty = false;
      this.#state = State.fieldStart;
    } else if (byte === lineFeed) {
      if (!this.#recordIsEmpty) this.#endRecord();
      else if (this.#header === undefined) this.#flaw('blank-start');
      this.#state = State.fieldStart;
    } else if (byte === carriageReturn) {
      this.#afterReturn = true;
    } else {
      this.#recordIsEmpty = false;
      this.#stepText(byte);
    }
    if (byte === lineFeed) this.#line++;
  }

  #stepText(byte: number): void {
    if (this.#state === State.fieldStart) {
      this.#state = byte === quote ? State.quoted : State.plain;
    } else if (this.#state === State.quoteInQuoted) {
      if (byte === quote) this.#state = State.quoted;
      else {
        this.#flaw('after-quote');
        this.#state = State.plain;
      }
    } else if (byte === quote) this.#flaw('stray-quote');
  }

  #endRecord(): void {
    if (this.#header === undefined) {
      const record = new TextDecoder().decode(Uint8Array.from(this.#headerBytes));
      this.#header = fieldsOf(record.replace(/\r$/, ''));
      this.#headerBytes = [];
    } else if (this.#field !== this.#header.length) this.#flaw('fields');
    this.#row++;
    this.#field = 1;
    this.#recordIsEmpty = true;
    this.#recordIsFlawed = false;
  }

  /** A record is counted for its first flaw only: what follows it is mostly its consequence. */
  #flaw(flaw: CsvFlaw): void {
    if (this.#recordIsFlawed) return;
    this.#recordIsFlawed = true;
    const tally = this.#flaws.get(flaw) ?? { count: 0, rows: [], first: this.place(), fields: this.#field };
    tally.count++;
    if (tally.rows.length < 10 && this.#row > 0) tally.rows.push(this.#row);
    this.#flaws.set(flaw, tally);
  }
}

/** Takes one CSV record apart. */
function fieldsOf(record: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < record.length; at++) {
    const character = record[at];
    if (character === '"') {
      if (quoted && record[at + 1] === '"') field += record[at++];
      else quoted = !quoted;
    } else if (character === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}
