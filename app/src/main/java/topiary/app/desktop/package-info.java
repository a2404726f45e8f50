/** The desktop: the window, its models and its picture. Deeds go through the gateway only. */
package topiary.app.desktop;
