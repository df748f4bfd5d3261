/**
 * Text that came from outside (a cell of somebody's file, a log line), safe for a terminal:
 * control characters, which could move the cursor or change colours, become U+FFFD. Tabs become a space.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD');
}
