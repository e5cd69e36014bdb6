/** What scrape jobs are called, in the configuration that is exported and in what is asked of Prometheus. */
export const jobName = {
  controlPlane: "mycloud-control-plane",
  services: "mycloud-services",
  hosts: "mycloud-hosts",
  pushedHosts: "mycloud-pushed-hosts",
  storage: "mycloud-storage",
} as const;
