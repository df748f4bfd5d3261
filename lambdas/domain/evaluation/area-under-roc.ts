/**
 * Area under the ROC curve by ranks, ties counting half: the Mann–Whitney U of the positives over the number of pairs
 * (Hanley and McNeil 1982, Radiology 143:29–36). O(n log n).
 *
 * @returns NaN when a score is not finite, undefined when only one class occurs
 */
export function areaUnderRoc(positive: readonly boolean[], scores: ArrayLike<number>): number | undefined {
  const rows = positive.length;
  const positives = positive.filter(Boolean).length;
  if (positives === 0 || positives === rows) return undefined;
  for (let row = 0; row < rows; row += 1) {
    if (!Number.isFinite(scores[row])) return Number.NaN;
  }
  const score = (row: number) => scores[row] ?? Number.NaN;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => score(a) - score(b));

  let rankSum = 0;
  for (let start = 0; start < rows;) {
    const tied = score(order[start] ?? 0);
    let end = start;
    let tiedPositives = 0;
    while (end < rows && score(order[end] ?? 0) === tied) {
      if (positive[order[end] ?? 0]) tiedPositives += 1;
      end += 1;
    }
    // Ranks start + 1 … end, each tied row getting their mean.
    rankSum += tiedPositives * ((start + 1 + end) / 2);
    start = end;
  }
  const u = rankSum - (positives * (positives + 1)) / 2;
  return u / (positives * (rows - positives));
}
