export { openTunnel } from "docker-connection/tunnel";
