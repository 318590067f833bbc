/** Nothing but the engine's own work: half the resources are stashes, half are random bytes. */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const count = new pulumi.Config().requireNumber("count");
const provider = new random.Provider("random");
for (let index = 0; index < count / 2; index++) {
  new pulumi.Stash(`stash-${index}`, { input: { host: "local", slot: index } });
  new random.RandomBytes(`token-${index}`, { length: 16 }, { provider });
}
