// Answers as a gateway that has started, at once: for tests that are about everything around it.

import { createServer } from "node:http";

const server = createServer((_request, response) => response.end('{"ok":true,"status":"started"}'));
server.listen(18789, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
