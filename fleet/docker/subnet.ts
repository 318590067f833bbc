/** The addresses of one agent's Docker network. */
import { parseCidr, renderAddress } from "../ipv4.ts";
import { SUBNET_SIZE } from "../placement/slots.ts";

const PREFIX = 29;

export interface AgentSubnet {
  readonly subnet: string;
  /** The host's address in it. */
  readonly bridge: string;
  /** The agent's container. */
  readonly agent: string;
  /** An address that stays unused, for a default route that must lead nowhere: see `components/default-route.ts`. */
  readonly unusedGateway: string;
}

/** @param slot from 0 */
export function subnetOf(range: string, slot: number): AgentSubnet {
  const base = parseCidr(range).first + slot * SUBNET_SIZE;
  return {
    subnet: `${renderAddress(base)}/${PREFIX}`,
    bridge: renderAddress(base + 1),
    agent: renderAddress(base + 2),
    unusedGateway: renderAddress(base + SUBNET_SIZE - 2),
  };
}

/** The slot that has a subnet: the inverse of `subnetOf`. Undefined for a subnet that is no slot's of the range. */
export function slotOf(range: string, subnet: string): number | undefined {
  const slot = (parseCidr(subnet).first - parseCidr(range).first) / SUBNET_SIZE;
  const isSlot = Number.isInteger(slot) && slot >= 0 && subnetOf(range, slot).subnet === subnet;
  return isSlot ? slot : undefined;
}
