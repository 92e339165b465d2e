/** Of how numbers are made: bounds, list, noise. Numbers of two methods are not compared. */
export const METHOD = 2;
