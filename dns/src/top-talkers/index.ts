// Who asks most and what is asked most, in memory that does not grow: SpaceSaving (Metwally, Agrawal, El Abbadi 2005), fed with a sample under load.
export * from "./heavy-hitters.ts";
export * from "./sampler.ts";
