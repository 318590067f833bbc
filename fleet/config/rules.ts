/** What a fleet must mean beyond its shape: one named rule for each invariant. */
import {
  allowlistsHaveSenders,
  allowsAreNotDenied,
  credentialsAreSecret,
  locationsExist,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  pinnedHostsExist,
  reservedLabelsAreLeftAlone,
  secretsAreNotInPlainText,
  sharesAddUp,
  tailnetsAreNamed,
} from "./rules/agents.ts";
import { classesExist, classesFitTheImage, reservationsFitTheirLimit } from "./rules/classes.ts";
import {
  hasHosts,
  hostsAreDistinct,
  hostsSuitTheirKind,
  portRangesAreUsable,
  subnetsAreClearOfDocker,
} from "./rules/hosts.ts";
import type { Rule } from "./rules/rule.ts";
import { servicePortsDiffer, servicesSuitTheirImage } from "./rules/services.ts";

/** By name, so that a test can tell that each has its cases. */
export const RULES: Readonly<Record<string, Rule>> = {
  hasHosts,
  classesExist,
  reservationsFitTheirLimit,
  classesFitTheImage,
  pinnedHostsExist,
  locationsExist,
  sharesAddUp,
  hostsSuitTheirKind,
  allowsAreNotDenied,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  credentialsAreSecret,
  secretsAreNotInPlainText,
  allowlistsHaveSenders,
  reservedLabelsAreLeftAlone,
  portRangesAreUsable,
  hostsAreDistinct,
  subnetsAreClearOfDocker,
  tailnetsAreNamed,
  servicesSuitTheirImage,
  servicePortsDiffer,
};
