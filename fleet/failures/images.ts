/** Images that are missing, or for other machines. */
import { type Failure, found } from "./failure.ts";

/** The image that a text is about, as either engine names it. */
const imageIn = ({ input }: RegExpExecArray): string => {
  const match = /\bimage (\S+) is not on the host|\bwith image (\S+): /.exec(input);
  return match === null ? "the image" : `the image ${found(match)}`;
};

const ofArchitecture: Failure["explain"] = () => ({
  message: "its image is for another architecture than its host's",
  remedy:
    "choose an image for the host's: docker info --format '{{.Architecture}}'. An image's is in: docker image inspect --format '{{.Architecture}}' IMAGE",
});

/** What is more specific comes first. */
export const IMAGES: readonly Failure[] = [
  {
    pattern: /no matching manifest for ([^\s)]+)/,
    explain: (match) => ({
      message: `${imageIn(match)} does not exist for ${found(match)}, which its host is`,
      remedy: "choose an image that is built for it, or a host of another architecture",
    }),
  },
  { pattern: /exec format error/i, explain: ofArchitecture },
  { pattern: /does not match the (?:detected host|specified) platform/, explain: ofArchitecture },
  {
    pattern: /toomanyrequests/,
    explain: (match) => ({
      message: `${imageIn(match)} is not on its host, and the registry allows no more downloads for now`,
      remedy: "wait, or log in to the registry: docker login REGISTRY",
    }),
  },
  {
    pattern: /pull access denied|(?:could not be pulled|pulling image)[^\n]* (?:denied|unauthorized)\b/,
    explain: (match) => ({
      message: `the registry does not have ${imageIn(match)}, or does not give it to everybody`,
      remedy: "check its name; if it is private: docker login REGISTRY, docker pull IMAGE",
    }),
  },
  {
    pattern: /manifest unknown|manifest for \S+ not found|name unknown/,
    explain: (match) => ({
      message: `the registry does not have ${imageIn(match)}`,
      remedy: "check its name and its tag",
    }),
  },
  {
    pattern: /Get "?https?:\/\/([^/"\s]+)\/v2\//,
    explain: (match) => ({
      message: `${imageIn(match)} is not on its host, and the host cannot reach the registry ${found(match)}`,
      remedy: "connect the host to it, or bring the image there: npm run images",
    }),
  },
  {
    pattern: /No such image: (\S+)|\bimage (\S+) is not on the host/,
    explain: (match) => ({
      message: `the image ${found(match)} is not on its host`,
      remedy: "bring it there: npm run images",
    }),
  },
];
