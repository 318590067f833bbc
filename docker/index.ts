export { connect, DEFAULT_ADDRESS, type DockerAddress } from "./connect.ts";
export { DaemonNotFoundError, type FoundDaemon, findDaemon } from "./daemon.ts";
export {
  ConnectionLostError,
  connectionLoss,
  NOT_FOUND,
  statusOf,
  UnreachableError,
  unlessStatus,
  withConnectionErrors,
} from "./errors.ts";
export { CommandFailedError, execute } from "./execute.ts";
export { readFile } from "./files.ts";
export { get } from "./get.ts";
export { followLogs, readLogs } from "./logs.ts";
export { ping } from "./ping.ts";
