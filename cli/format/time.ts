/** A span of time for a person: `0.4 s`, `12 s`, `3 min`, `2 h`, `5 d`. @param ms milliseconds */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** How long ago an instant was. @param instant ISO 8601 */
export function ago(instant: string, now: Date): string {
  return `${span(now.getTime() - Date.parse(instant))} ago`;
}
