import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Where a command's answer goes: to a person, or as JSON to a program. */
export interface Output {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** Colours text where the stream is a terminal that wants it. */
  readonly paint: Paint;
  line(text: string): void;
  /** The answer in the form asked for: `value` as one JSON document, or the text that `human` gives. */
  answer(value: unknown, human: () => string): void;
}

export function createOutput(stream: Writable, json: boolean): Output {
  const line = (text: string) => {
    stream.write(`${text}\n`);
  };
  return {
    json,
    paint: (style, text) => styleText(style, text, { stream }),
    line,
    answer: (value, human) => line(json ? JSON.stringify(value, null, 2) : human()),
  };
}
