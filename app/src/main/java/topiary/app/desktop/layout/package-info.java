/** Where the cards of a tree lie; nothing but arithmetic. */
package topiary.app.desktop.layout;
