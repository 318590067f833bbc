// First, because imports are evaluated in order: the others need a newer Node than `pulumi up` may be started with.
import "./system/require-node.mjs";
import { main } from "./stacks/main.ts";

export const { fleet, tokens } = await main();
