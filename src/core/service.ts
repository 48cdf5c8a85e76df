/** The five services of a system that a failure may take away one by one (spec/3-scenarios: cascading-failure). */
export const services = ["storage", "p2p", "consensus", "sync", "coordination"] as const;
export type Service = (typeof services)[number];

/** Whether a word names a service. */
export function isService(word: unknown): word is Service {
  return services.some((service) => service === word);
}
