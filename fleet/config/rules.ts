/** What a fleet must mean beyond its shape: one named rule for each invariant. */
import {
  allowsAreNotDenied,
  credentialsAreSecret,
  locationsExist,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  pinnedHostsExist,
  reservedLabelsAreLeftAlone,
  sharesAddUp,
  tailnetsAreNamed,
} from "./rules/agents.ts";
import { classesExist, classesFitTheImage, reservationsFitTheirLimit } from "./rules/classes.ts";
import { doorPortsDiffer, wildcardsHaveTheirModule } from "./rules/services.ts";
import {
  closedSshHasAnotherWay,
  hasHosts,
  hostsAreDistinct,
  locationsAreInAZone,
  networksAreApart,
  portRangesAreUsable,
  roomsAreClearOfDocker,
  serverNamesAreFree,
  serversAreOfTheirGroup,
} from "./rules/hosts.ts";
import type { Rule } from "./rules/rule.ts";

export const RULES: readonly Rule[] = [
  hasHosts,
  classesExist,
  reservationsFitTheirLimit,
  classesFitTheImage,
  pinnedHostsExist,
  locationsExist,
  sharesAddUp,
  serverNamesAreFree,
  serversAreOfTheirGroup,
  allowsAreNotDenied,
  modelsAreReachable,
  ownedVariablesAreLeftAlone,
  credentialsAreSecret,
  reservedLabelsAreLeftAlone,
  portRangesAreUsable,
  hostsAreDistinct,
  roomsAreClearOfDocker,
  networksAreApart,
  locationsAreInAZone,
  closedSshHasAnotherWay,
  tailnetsAreNamed,
  wildcardsHaveTheirModule,
  doorPortsDiffer,
];
