/** The commands that messages name as remedies. */

/** Those that work on a stack. */
export const STACK_COMMANDS = [
  "up",
  "plan",
  "preview",
  "review",
  "outputs",
  "login",
  "logs",
  "secret",
  "status",
  "probe",
  "images",
  "ca",
  "destroy",
  "purge",
  "adopt",
] as const;

const OURS = new RegExp(
  `(npm run (?:--silent )?(?:${STACK_COMMANDS.join("|")}))(?![\\w-])(?! -- (?:[^\\s;,\`]+ )*?--stack )(?: --(?= ))?`,
  "g",
);
const PULUMIS = /(pulumi config (?:set|rm))(?! --stack )/g;

/** The stack that commands work on where none is named: the operator's own machine. */
export const LOCAL_STACK = "local";

/**
 * A text whose commands name the stack. Messages are written without the option, by code that need not know the stack; where
 * they are shown it is put in.
 */
export const withStack = (text: string, stack: string): string =>
  text.replaceAll(OURS, `$1 -- --stack ${stack}`).replaceAll(PULUMIS, `$1 --stack ${stack}`);

/** The same, where the local stack needs no option. */
export const forStack = (text: string, stack: string): string =>
  stack === LOCAL_STACK ? text : withStack(text, stack);
