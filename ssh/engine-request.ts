export { requestOptions as engineRequest } from "docker-connection/tunnel-agent";
