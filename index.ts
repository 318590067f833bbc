import { main } from "./stacks/main.ts";

export const { fleet, tokens } = await main();
