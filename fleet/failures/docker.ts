/** Networks, containers, volumes, limits and the daemon itself. */
import { GATEWAY_USER, STATE_DIRECTORY } from "../../openclaw/contract.ts";
import { agentObject, LOGICAL, ownerOf } from "../names.ts";
import { type FailedStep, type Failure, found } from "./failure.ts";

const shortId = (id: string): string => id.slice(0, 12);

const containerOf = (step: FailedStep | undefined): string => {
  const agent = step && ownerOf(step.name, LOGICAL.gateway);
  return step === undefined || agent === undefined ? "CONTAINER" : agentObject(step.stack, agent);
};

const NETWORKS: readonly Failure[] = [
  {
    pattern:
      /could not find an available, non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted/,
    explain: () => ({
      message: "Docker has no address range left for another network",
      remedy:
        "remove unused networks (docker network ls, docker network rm NAME), or give the daemon more `default-address-pools`",
    }),
  },
  {
    pattern: /Pool overlaps with other one on this address space|networks have overlapping IPv4/,
    explain: () => ({
      message: "its subnet overlaps that of another network on its host",
      remedy:
        "remove that network, or choose other `subnets` for the host. All networks with their subnets: docker network inspect --format '{{.Name}} {{.IPAM.Config}}' $(docker network ls --quiet)",
    }),
  },
  {
    pattern: /\bnetwork (\S+) id \S+ has active endpoints/,
    explain: ([, network = ""]) => ({
      message: `containers are attached to the network ${network}`,
      remedy: `detach them and run the command again: docker network inspect ${network}, docker network disconnect --force ${network} CONTAINER`,
    }),
  },
  {
    pattern: /network with name (\S+) already exists/,
    explain: ([, network = ""]) => ({
      message: `its host has another network of the name ${network}`,
      remedy: `if it is this stack's, \`npm run adopt\` takes it over; if it is left over, remove it: docker network rm ${network}`,
    }),
  },
];

const OBJECTS: readonly Failure[] = [
  {
    pattern: /container name "\/?([^"]+)" is already in use by container "?(\w+)/,
    explain: ([, name = "", id = ""]) => ({
      message: `its host has another container of the name ${name}: ${shortId(id)}`,
      remedy: `if it is this stack's, \`npm run adopt\` takes it over; otherwise rename it, or remove it: docker rm --force ${name}`,
    }),
  },
  {
    pattern: /remove (\S+): volume is in use - \[(\w+)/,
    explain: ([, volume = "", id = ""]) => ({
      message: `the volume ${volume} is in use by container ${shortId(id)}`,
      remedy: `if that container is not needed, remove it and run the command again: docker rm --force ${shortId(id)}`,
    }),
  },
  {
    pattern: new RegExp(
      `cannot create (${STATE_DIRECTORY}\\S*): Permission denied|EACCES: permission denied, \\w+ '(${STATE_DIRECTORY}[^']*)'`,
    ),
    explain: (match, step) => ({
      message: `the gateway may not use ${found(match)}: it runs as user ${GATEWAY_USER}, and files of its volume belong to another`,
      remedy: `hand them over: docker run --rm --user root --volumes-from ${containerOf(step)} --entrypoint chown $(docker inspect --format '{{.Config.Image}}' ${containerOf(step)}) -R ${GATEWAY_USER} ${STATE_DIRECTORY}`,
    }),
  },
];

const LIMITS: readonly Failure[] = [
  {
    pattern: /Range of CPUs is from \S+ to (\d+)/,
    explain: ([, cpus = ""]) => ({
      message: `it may use more CPUs than its host has, which are ${cpus}`,
      remedy: `set \`cpus\` of the host to ${cpus}, which limits every agent there to what exists, or choose a smaller class`,
    }),
  },
  {
    pattern:
      /Your kernel does not support|kernel does not support CPU CFS|cannot set \w+ limit|Cannot update container \w+: runc/,
    explain: () => ({
      message: "its host's Docker daemon cannot apply the container's limits",
      remedy:
        "`docker info` ends with a warning for each limit that the daemon lacks. Without root it needs cgroup v2; a Raspberry Pi needs cgroup_enable=memory in its kernel's command line",
    }),
  },
  {
    // The kernel says the same of a cgroup, where it is about no disk.
    pattern: /(?<!\/sys\/fs\/cgroup\S*: )no space left on device|disk quota exceeded/i,
    explain: ([text]) => ({
      message: /quota/i.test(text)
        ? "the disk quota on its host is used up"
        : "the file system that it writes to is full",
      remedy:
        "free space: `df --human-readable` shows what is full, `docker system df` what Docker keeps there, and `docker image prune` removes what is left over of images",
    }),
  },
];

const DAEMON: readonly Failure[] = [
  {
    pattern:
      /connect EACCES (\/[^\s)]+)|permission denied while trying to connect to the .* at (\w+:\/\/\S+?):? /,
    explain: (match) => ({
      message: `this user may not use the Docker daemon at ${found(match)}`,
      remedy:
        "add the user to the group docker, which makes it as powerful as root, and log in again: sudo usermod --append --groups docker $USER",
    }),
  },
  {
    pattern:
      /((?:unix|tcp):\/\/\S+) stopped answering \(connect |connect (?:ENOENT|ECONNREFUSED) (\/[^\s)]+)|Cannot connect to the Docker daemon at (\w+:\/\/\S+?)\. /,
    explain: (match) => ({
      message: `no Docker daemon answers at ${found(match)}`,
      remedy: "start it and run the command again: sudo systemctl start docker",
    }),
  },
];

export const DOCKER: readonly Failure[] = [...NETWORKS, ...OBJECTS, ...LIMITS, ...DAEMON];
