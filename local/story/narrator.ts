import { styleText } from 'node:util';

/** One step of the story as it went, in the words of `.millrace/story.json`. */
export interface ToldStep {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
  /** Ids, versions, metrics: as the APIs answered. */
  readonly observed: Readonly<Record<string, unknown>>;
  /** Why it did not happen. */
  readonly error?: string;
}

/** What a step has to say once it happened. */
export interface Outcome {
  /** Shown behind the step's name. */
  readonly told: string;
  readonly observed: Readonly<Record<string, unknown>>;
}

/** Tells a step while it happens. `progress` replaces what was said last; without a terminal it is left out. */
export type Progress = (text: string) => void;

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Tells the story on a terminal with live progress, elsewhere line by line, and keeps what was observed. */
export class Narrator {
  readonly steps: ToldStep[] = [];
  readonly #out: NodeJS.WriteStream;
  readonly #live: boolean;
  readonly #toldErrors = new WeakSet<Error>();

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#live = out.isTTY;
  }

  say(text: string): void {
    this.#out.write(`${text}\n`);
  }

  chapter(title: string): void {
    this.say(`\n${styleText('bold', title)}`);
  }

  /** Whether a step has told this error already. */
  hasTold(error: unknown): boolean {
    return error instanceof Error && this.#toldErrors.has(error);
  }

  /** Runs a step and tells how it went. A failure is told, kept, and thrown on. */
  async step(name: string, happen: (progress: Progress) => Promise<Outcome>): Promise<Outcome> {
    const started = performance.now();
    const elapsed = (): number => (performance.now() - started) / 1000;
    let detail = '';
    let frame = 0;
    const draw = (): void => {
      const spinner = frames[frame++ % frames.length] ?? '';
      this.#rewrite(`  ${spinner} ${this.#line(name, elapsed(), detail)}`);
    };
    const timer = this.#live ? setInterval(draw, 100) : undefined;
    const finish = (mark: string, text: string): void => {
      clearInterval(timer);
      if (this.#live) this.#rewrite('');
      this.say(`  ${mark} ${this.#line(name, elapsed(), text)}`);
    };
    try {
      const outcome = await happen((text) => {
        detail = text;
      });
      finish(styleText('green', '✔'), outcome.told);
      this.steps.push({ name, seconds: rounded(elapsed()), ok: true, observed: outcome.observed });
      return outcome;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      finish(styleText('red', '✘'), message);
      this.steps.push({ name, seconds: rounded(elapsed()), ok: false, observed: {}, error: message });
      if (error instanceof Error) this.#toldErrors.add(error);
      throw error;
    }
  }

  #line(name: string, seconds: number, detail: string): string {
    return `${name.padEnd(22)} ${styleText('dim', `${seconds.toFixed(1).padStart(5)} s`)}  ${detail}`;
  }

  #rewrite(text: string): void {
    const width = this.#out.columns || 100;
    this.#out.write(`\r\x1b[2K${text.slice(0, width + 12)}`);
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
