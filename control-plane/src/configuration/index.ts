/** The settings of `mycloud server`: flag, environment, file, default, from one table that also makes the help. */
export { Configuration } from "./configuration.ts";
export { ConfigurationError, type ConfigurationSources, loadConfiguration } from "./load-configuration.ts";
export { defaultConfigurationFile, type Option, type OptionName, options } from "./options.ts";
