// Groups: hosts, services and contacts under one name.
import { lazyPages } from "../../definition/lazy-pages.ts";

const load = () => import("./group-pages.tsx");
export const hostGroups = lazyPages(async () => (await load()).hostGroupPages);
export const serviceGroups = lazyPages(async () => (await load()).serviceGroupPages);
export const contactGroups = lazyPages(async () => (await load()).contactGroupPages);
