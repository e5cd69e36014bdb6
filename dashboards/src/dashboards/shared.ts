import type { Annotation, LabelVariable } from "../dashboard/index.ts";

/** File systems that hold data; others are the kernel's own, or images that are always full. */
export const dataFileSystem = `fstype=~"ext[234]|xfs|btrfs|zfs|f2fs|vfat|overlay"`;

/** Disks themselves, without partitions, and without what is laid over them. */
export const wholeDisk = `device=~"[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+"`;

export const hostVariable: LabelVariable = {
  name: "host",
  title: "Host",
  query: "label_values(mycloud_host_info, host)",
};

/** One instance of something that is scraped by itself, or several. */
export function instanceVariable(metric: string, title: string): LabelVariable {
  return { name: "instance", title, query: `label_values(${metric}, instance)`, hasAll: true };
}

/** Where a click on a host's name leads; the name is Grafana's variable for it. */
export function toHost(name: string) {
  return { title: "The host", url: `/d/mycloud-host/?var-host=${name}&\${__url_time_range}` };
}

/** Where a click on a service leads. */
export function toService(host: string, service: string) {
  return {
    title: "The service",
    url: `/d/mycloud-service/?var-host=${host}&var-service=${service}&\${__url_time_range}`,
  };
}

/** What happened to a host: changes of state and downtimes from metrics, and from MyCloud itself for those who have the Infinity plugin. */
export const hostAnnotations: readonly Annotation[] = [
  {
    kind: "prometheus",
    name: "State changes",
    expr: `sum by (host, service) (changes(mycloud_service_state{host="$host"}[1m])) > 0 or sum by (host) (changes(mycloud_host_state{host="$host"}[1m])) > 0`,
    title: "{{host}} {{service}} changed its state",
    color: "orange",
  },
  {
    kind: "prometheus",
    name: "Downtimes",
    expr: `max by (host) (mycloud_host_in_downtime{host="$host"}) == 1`,
    title: "{{host}} is in a downtime",
    color: "blue",
  },
  {
    kind: "prometheus",
    name: "Backups",
    expr: `max by (instance, policy) (mycloud_backup_running{instance="$host"}) == 1`,
    title: "Backup {{policy}} runs",
    color: "purple",
  },
  {
    kind: "endpoint",
    name: "From MyCloud: states, backups, downtimes",
    kinds: ["state", "backup", "downtime"],
    host: "$host",
    color: "green",
  },
];

/** What happened anywhere. */
export const fleetAnnotations: readonly Annotation[] = [
  {
    kind: "prometheus",
    name: "Hosts down",
    expr: `sum by (host) (changes(mycloud_host_state[1m])) > 0`,
    title: "{{host}} changed its state",
    color: "red",
  },
  {
    kind: "endpoint",
    name: "From MyCloud: states, backups, downtimes",
    kinds: ["state", "backup", "downtime"],
    color: "green",
  },
];

/** What node_* metrics of the chosen host are selected by. */
export const here = `instance="$host"`;

/** Panels of a third, and of half, of a dashboard's width. */
export const third = { width: 8, height: 8 } as const;
export const half = { width: 12, height: 8 } as const;
