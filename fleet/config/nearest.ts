/** What the operator may have meant by a word that does not exist. */
/** Insertions, deletions, replacements and swaps of neighbours that make one word the other. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, replaced, swapped));
    }
  }
  return cell(a.length, b.length);
}

/** No name of ours is nearly as long, and the effort grows with the square. */
const LONGEST = 60;

/** The name that the word is most likely a slip of; undefined where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const lower = word.toLowerCase();
  const [best] = names
    .map((name) => ({ name, steps: distance(lower, name.toLowerCase()) }))
    // A third of the letters: `tsl` is `tls`, but `vpn` is not `tls`.
    .filter(({ name, steps }) => steps <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)))
    .toSorted((a, b) => a.steps - b.steps);
  return best?.name;
}

/** Longer lists are better read in the reference. */
const SHORT_LIST = 8;

/** What to write instead of a name that does not exist and need not. */
export function replacement(word: string, names: readonly string[]): string {
  const suggested = suggestion(word, names) ?? "check the spelling against docs/configuration.md";
  return suggested.endsWith("?") ? `${suggested} Otherwise remove it` : `${suggested}, or remove it`;
}

/** `did you mean acme? Use one of internal, acme, wildcard`, as far as there is something to say. */
export function suggestion(word: string, names: readonly string[]): string | undefined {
  const near = nearest(word, names);
  const isShort = names.length > 0 && names.length <= SHORT_LIST;
  const choice = `se one of ${names.join(", ")}`;
  if (near === undefined) return isShort ? `u${choice}` : undefined;
  return `did you mean ${near}?${isShort ? ` U${choice}` : ""}`;
}
