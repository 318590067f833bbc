/** The commands behind `npm run …`. */
// First, because imports are evaluated in order: the others need a newer Node.
import "../system/require-node.mjs";
import { adopt } from "./commands/adopt.ts";
import { ca } from "./commands/ca.ts";
import { catalogue } from "./commands/catalogue.ts";
import { destroy } from "./commands/destroy.ts";
import { images } from "./commands/images.ts";
import { login } from "./commands/login.ts";
import { logs } from "./commands/logs.ts";
import { outputs } from "./commands/outputs.ts";
import { plan } from "./commands/plan.ts";
import { preview } from "./commands/preview.ts";
import { probe } from "./commands/probe.ts";
import { purge } from "./commands/purge.ts";
import { review } from "./commands/review.ts";
import { secret } from "./commands/secret.ts";
import { status } from "./commands/status.ts";
import { up } from "./commands/up.ts";
import { describeError } from "./errors.ts";
import { plainCommand } from "./stack-command.ts";
import { terminal } from "./terminal.ts";

const COMMANDS = [
  up,
  plan,
  preview,
  review,
  status,
  outputs,
  login,
  logs,
  secret,
  probe,
  catalogue,
  images,
  ca,
  adopt,
  destroy,
  purge,
];

const program = plainCommand("npm run", "A fleet of isolated OpenClaw agent gateways.");
for (const command of COMMANDS) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  terminal.log(describeError(error));
  process.exitCode = 1;
}
