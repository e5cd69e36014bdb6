/** What scrape jobs are called, in the configuration that is exported and in what is asked of Prometheus. */
export const jobName = {
  controlPlane: "mycloud",
  services: "mycloud-services",
  hosts: "mycloud-agents",
  pushedHosts: "mycloud-pushed",
  storage: "mycloud-storage",
  nameServers: "mycloud-name-servers",
} as const;
