/** The API's rules for new passwords, as far as a page can look: common ones the API alone knows. */

export const RULES = ["length", "name", "characters"] as const;
export type Rule = (typeof RULES)[number];

export const MIN_CHARACTERS = 8;
export const MAX_CHARACTERS = 128;
const MAX_BYTES = 512;

const FITS: Record<Rule, (password: string, name: string) => boolean> = {
  length: (password) => {
    const characters = [...password].length;
    return characters >= MIN_CHARACTERS && characters <= MAX_CHARACTERS && bytes(password);
  },
  name: (password, name) => name === "" || !password.toLowerCase().includes(name.toLowerCase()),
  characters: (password) => !/\p{Cc}/u.test(password),
};

export function fits(rule: Rule, password: string, name: string): boolean {
  return FITS[rule](password, name);
}

/** The first rule that a password breaks. */
export function brokenRule(password: string, name: string): Rule | undefined {
  return RULES.find((rule) => !fits(rule, password, name));
}

export const NAME = /^[A-Za-z0-9._@-]{3,64}$/;

function bytes(password: string): boolean {
  return new TextEncoder().encode(password).length <= MAX_BYTES;
}
