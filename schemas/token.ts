/** 128 random bits at least, as base64url without padding. */
export const MIN_TOKEN_LENGTH = 22;
export const MAX_TOKEN_LENGTH = 86;

export const TOKEN_PATTERN = new RegExp(`^[A-Za-z0-9_-]{${MIN_TOKEN_LENGTH},${MAX_TOKEN_LENGTH}}$`);

/** The same for one byte: a token is read as bytes, never as a string. */
export function isTokenCharacter(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x5f;
}
