import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";

const description = {
  alias: z.string().max(255).default(""),
  notes: z.string().max(10_000).default(""),
  notesUrl: z.string().max(2048).nullable().default(null),
  actionUrl: z.string().max(2048).nullable().default(null),
};

/** What a host group is called; which hosts are in it says each host's `groups`. A group needs no entry to exist. */
export const HostGroupInput = z.object({ name: ResourceName, ...description });
export type HostGroupInput = z.infer<typeof HostGroupInput>;

/** A named set of services, by selector, so that those added later belong to it. */
export const ServiceGroupInput = z.object({ name: ResourceName, ...description, selector: ServiceSelector });
export type ServiceGroupInput = z.infer<typeof ServiceGroupInput>;

/** Contacts under one name. `groups` are contact groups whose members belong to it as well. */
export const ContactGroupInput = z.object({
  name: ResourceName,
  alias: z.string().max(255).default(""),
  contacts: z.array(ResourceName).max(1000).default([]),
  groups: z.array(ResourceName).max(100).default([]),
});
export type ContactGroupInput = z.infer<typeof ContactGroupInput>;
