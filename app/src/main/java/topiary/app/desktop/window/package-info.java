/** The window around the tree: lists, drawer, plan sheet, status bar. */
package topiary.app.desktop.window;
