/**
 * An action that loads what it needs when its command is run: `preview` has to be quick, and must not read the code of the others.
 *
 * The process exits with code 1 if the action returns false.
 */
export const lazy =
  <Module, Args extends readonly unknown[]>(
    load: () => Promise<Module>,
    action: (module: Module, ...args: Args) => Promise<boolean>,
  ) =>
  async (...args: Args): Promise<void> => {
    if (!(await action(await load(), ...args))) process.exitCode = 1;
  };
