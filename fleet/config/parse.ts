import type { z } from "zod";
import { sortedEntries } from "../text.ts";
import { type Fleet, resolveFleet, resolveHosts } from "./fleet.ts";
import { forbiddenNames } from "./forbidden-names.ts";
import { daemonNotices, daemonProblems, type MachineDaemon, withDaemon } from "./machine-daemon.ts";
import { isFollowUp, mendEntries } from "./mend.ts";
import { FleetError, type Problem } from "./problem.ts";
import { RULES } from "./rules.ts";
import { type FleetSettings, fleetSchema } from "./schema.ts";
import { parseSecrets, type Roster, type Secrets } from "./secrets.ts";
import { fromIssue } from "./shape.ts";
import { unknownKeys } from "./stack-keys.ts";

interface Checked {
  readonly problems: readonly Problem[];
  /** Undefined where the shape is wrong. */
  readonly settings?: FleetSettings;
  readonly notices?: readonly string[];
  /** The agents whose secrets can be checked; undefined where it cannot be told which there are. */
  readonly roster?: Roster;
}

const rosterOf = ({ agents }: FleetSettings): Roster => ({
  agents: sortedEntries(agents).map(([name, settings]) => ({ name, settings })),
});

const violationsOf = (settings: FleetSettings): Problem[] => {
  const hosts = resolveHosts(settings);
  return Object.values(RULES).flatMap((rule) => rule(settings, hosts));
};

/** What the rules say of everything else, where all that has a wrong shape is in particular entries. */
function checkRest(
  raw: unknown,
  issues: readonly z.core.$ZodIssue[],
  daemon: MachineDaemon | undefined,
): Checked {
  const mended = mendEntries(raw, issues);
  const rest = fleetSchema.safeParse(mended?.raw);
  if (mended === undefined || !rest.success) return { problems: [] };
  const settings = withDaemon(rest.data, daemon);
  const problems = violationsOf(settings).filter((problem) => !isFollowUp(problem, mended));
  // Also agents whose names are no names: whether they are known is not what is wrong with their secrets.
  const { agents } = rosterOf(rest.data);
  const unread = mended.agents.map((name) => ({ name, settings: { channels: {} } }));
  return { problems, roster: { agents: [...agents, ...unread] } };
}

function checkFleet(raw: unknown, daemon: MachineDaemon | undefined): Checked {
  const forbidden = forbiddenNames(raw);
  const shape = fleetSchema.safeParse(raw ?? {});
  if (shape.success) {
    const settings = withDaemon(shape.data, daemon);
    const problems = [...forbidden, ...violationsOf(settings), ...daemonProblems(shape.data, daemon)];
    const notices = daemonNotices(shape.data, daemon);
    return { problems, settings, notices, roster: rosterOf(settings) };
  }
  const { issues } = shape.error;
  const { problems, roster } = checkRest(raw, issues, daemon);
  const isForbidden = ({ path }: Problem): boolean => forbidden.some((problem) => problem.path === path);
  return {
    problems: [
      ...forbidden,
      ...issues.flatMap((issue) => fromIssue(issue, raw)).filter((problem) => !isForbidden(problem)),
      ...problems,
    ],
    ...(roster === undefined ? {} : { roster }),
  };
}

/** What a stack's configuration has of this program's. */
export interface StackSource {
  /** In the program's namespace, without it: `fleet`. */
  readonly keys: readonly string[];
  readonly fleet: unknown;
  /** Undefined where they cannot be read: then they are not checked. */
  readonly secrets?: unknown;
  /** For hosts without an address: the daemon of this machine, or why there is none. Default: Docker's default socket. */
  readonly daemon?: MachineDaemon;
}

/**
 * Validates all that the operator wrote: keys, the shape of settings, what must hold between them, secrets.
 *
 * @param found what the reader has found already
 * @throws FleetError with every problem at once
 */
export function parseStack(
  { keys, fleet: raw, secrets: rawSecrets, daemon }: StackSource,
  found: readonly Problem[] = [],
): { readonly fleet: Fleet; readonly secrets: Secrets } {
  const unknown = unknownKeys(keys);
  // What is missing is then most likely there, under the wrong key.
  const isThere = (key: string): boolean => unknown.length === 0 || keys.includes(key);
  const { problems, settings, notices, roster }: Checked = isThere("fleet")
    ? checkFleet(raw, daemon)
    : { problems: [] };
  const areSecretsRead = rawSecrets !== undefined && roster !== undefined && isThere("secrets");
  const checked = areSecretsRead ? parseSecrets(rawSecrets, roster) : { secrets: undefined, problems: [] };
  const all = [...unknown, ...problems, ...found, ...checked.problems];
  if (settings === undefined || all.length > 0) throw new FleetError(all);
  const { secrets } = checked;
  const fleet = resolveFleet(settings, resolveHosts(settings), { notices, secrets });
  return { fleet, secrets: secrets ?? new Map() };
}
