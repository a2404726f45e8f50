/** The window on servers that are not there, to measure how it is painted. */
package topiary.app.desktop.trial;
