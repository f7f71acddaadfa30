export const returningEn = {};
