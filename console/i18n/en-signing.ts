export const signingEn = {};
