// Answers at once like a gateway that has started, for tests of everything around it.

import { createServer } from "node:http";

const server = createServer((_request, response) => response.end('{"ok":true,"status":"started"}'));
server.listen(18789, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
