/**
 * A TCP proxy in front of the servers of a lab, whose links can be cut, swallowed, slowed or made
 * one-way while they are in use. Knows addresses and names; nothing of databases, except where it
 * fills a server's connections.
 */
package topiary.lab.proxy;
