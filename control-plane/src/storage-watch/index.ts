// Storage servers, watched: each is asked once a minute what it has, and from that follow the figures of repositories (space, scrub, damage), the service
// `storage NAME` on the host that it runs on, and there two services for each repository that no policy knows, as stock restic clients write them.
export * from "./watch-storage.ts";
