/** The file backend's format. It loads neither gRPC nor a Docker client, so that reading a state stays fast. */
export { Backend, backendFolder } from "./backend.ts";
export {
  type PendingOperation,
  type ResourceState,
  type Snapshot,
  UnreadableCheckpointError,
} from "./checkpoint.ts";
export type { Entry } from "./journal.ts";
export { LockedError } from "./lock.ts";
export { Crypter, WrongPassphraseError } from "./passphrase.ts";
