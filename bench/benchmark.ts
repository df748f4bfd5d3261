/** What `bench/<name>/index.ts` exports by default. */
export interface Benchmark {
  /** One line, for the list. */
  readonly summary: string;
  /**
   * Measures and prints.
   * @param words the command line behind the benchmark's name
   * @returns the exit code: 0 when everything was measured, whether or not its goals were met
   */
  run(words: readonly string[]): Promise<number>;
}
