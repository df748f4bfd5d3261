import type { TrainedManifest } from '../../contracts/model-manifest.ts';

/**
 * Why a champion cannot be scored on a challenger's held-out rows, or undefined when it can.
 * After a change of the project's schema the old model asks for other columns or answers with other classes.
 */
export function incomparable(champion: TrainedManifest, challenger: TrainedManifest): string | undefined {
  if (champion.task !== challenger.task) {
    return `the champion is a ${champion.task} model, the challenger one of ${challenger.task}`;
  }
  if (champion.classes.join('\n') !== challenger.classes.join('\n')) {
    return (
      `the champion knows the classes ${champion.classes.join(', ')}, ` +
      `the challenger ${challenger.classes.join(', ')}`
    );
  }
  const known = new Set(featuresOf(challenger));
  const lacking = featuresOf(champion).filter((name) => !known.has(name));
  return lacking.length > 0
    ? `the champion asks for columns that the challenger was not trained with: ${lacking.join(', ')}`
    : undefined;
}

/** The columns a model is given, in the order of its inputs. */
export function featuresOf({ inputs }: Pick<TrainedManifest, 'inputs'>): string[] {
  return inputs.flatMap(({ features }) => features);
}
