import * as rules from "../../../../fleet/config/rules/classes.ts";
import { footprintOf } from "../../../../openclaw/footprint.ts";
import { checks } from "../../../support/fleets.ts";
import { describeRules } from "../../../support/rules.ts";

const IMAGE = "openclaw/openclaw:2026.9.6";
const { minimumMb } = footprintOf(IMAGE);
const standard = (limits: object): Record<string, unknown> => ({
  classes: { standard: { memoryMb: 2048, cpus: 1, ...limits } },
});

describeRules(
  "the rules of classes",
  rules,
  [
    {
      rule: "classesExist",
      accepts: { agents: { alice: { class: "heavy" } } },
      refuses: { agents: { alice: { class: "none" } } },
      problem:
        'agents.alice.class = "none" | there is no such class | use one of heavy, light, standard, or add it to classes',
    },
    {
      rule: "classesExist",
      about: "the default",
      accepts: { defaults: { class: "light" } },
      refuses: { defaults: { class: "none" } },
      problem:
        'defaults.class = "none" | there is no such class | use one of heavy, light, standard, or add it to classes',
    },
    {
      rule: "reservationsFitTheirLimit",
      accepts: standard({ reservationMb: 2048 }),
      refuses: standard({ reservationMb: 2049 }),
      problem:
        "classes.standard.reservationMb = 2049 | more is reserved than the limit of 2048 MiB allows to be used | set it to 2048 or less, or raise memoryMb",
    },
    {
      rule: "classesFitTheImage",
      accepts: standard({ memoryMb: minimumMb, reservationMb: 500 }),
      refuses: standard({ memoryMb: minimumMb - 1, reservationMb: 500 }),
      problem: `classes.standard.memoryMb = ${minimumMb - 1} | ${IMAGE} needs ${minimumMb} MiB: with ${minimumMb - 1} MiB it is killed in its first conversation or at a login, if not before | set it to ${minimumMb} or more`,
    },
    ...[
      { about: "the seeds' light class", memoryMb: 384 },
      { about: "the seeds' standard class", memoryMb: 512 },
    ].map(({ about, memoryMb }) => ({
      rule: "classesFitTheImage",
      about,
      // The operator's own measurement counts.
      accepts: {
        footprint: { minimumMb: 256, idleMb: 100 },
        classes: { standard: { memoryMb, cpus: 1 } },
      },
      refuses: {
        classes: {
          tiny: { memoryMb, reservationMb: 256, cpus: 1 },
          standard: { memoryMb: 2048, cpus: 1 },
          heavy: { memoryMb: 4096, cpus: 2 },
        },
      },
      problem: `classes.tiny.memoryMb = ${memoryMb} | ${IMAGE} needs ${minimumMb} MiB: with ${memoryMb} MiB it is killed in its first conversation or at a login, if not before | set it to ${minimumMb} or more, or use class standard (2048 MiB)`,
    })),
  ],
  checks(rules),
);
